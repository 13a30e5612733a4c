using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Client.Wire;

/// <summary>How everything is written as JSON: names in snake_case, absent instead of null, unknown fields refused by the server.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SendResponse))]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(InboxPage))]
[JsonSerializable(typeof(AckRequest))]
[JsonSerializable(typeof(AckResponse))]
[JsonSerializable(typeof(RejectRequest))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(MessageStatus))]
[JsonSerializable(typeof(AddAgentRequest))]
[JsonSerializable(typeof(EditAgentRequest))]
[JsonSerializable(typeof(AgentView))]
[JsonSerializable(typeof(ListOf<AgentView>))]
[JsonSerializable(typeof(IssueTokenRequest))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(ListOf<TokenView>))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(CreateLinkRequest))]
[JsonSerializable(typeof(LinkSettingsPatch))]
[JsonSerializable(typeof(LinkView))]
[JsonSerializable(typeof(ListOf<LinkView>))]
[JsonSerializable(typeof(ListOf<ProjectView>))]
[JsonSerializable(typeof(NameRequest))]
[JsonSerializable(typeof(ListOf<ChannelView>))]
[JsonSerializable(typeof(ListOf<ConversationView>))]
[JsonSerializable(typeof(MemberRequest))]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(ExtendRequest))]
[JsonSerializable(typeof(ListOf<LeaseView>))]
[JsonSerializable(typeof(ListOf<HeldMessage>))]
[JsonSerializable(typeof(HoldDecision))]
[JsonSerializable(typeof(HoldRulesView))]
[JsonSerializable(typeof(ListOf<AttentionView>))]
[JsonSerializable(typeof(ListOf<ObligationView>))]
[JsonSerializable(typeof(HaltRequest))]
[JsonSerializable(typeof(ListOf<HaltView>))]
[JsonSerializable(typeof(ListOf<AuditView>))]
[JsonSerializable(typeof(ListOf<UserView>))]
[JsonSerializable(typeof(ListOf<DeliveryView>))]
[JsonSerializable(typeof(AddUserRequest))]
[JsonSerializable(typeof(FeatureSwitches))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ListOf<DoctorFinding>))]
[JsonSerializable(typeof(SqlRoleView))]
[JsonSerializable(typeof(ExportLine))]
[JsonSerializable(typeof(RestoredView))]
public sealed partial class WireJson : JsonSerializerContext;
